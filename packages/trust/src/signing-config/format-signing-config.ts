import { formatDocument } from '../json/document.ts';
import { type Service, SIGNING_CONFIG_MEDIA_TYPE, type SigningConfig } from './signing-config.ts';

/** A SigningConfig as its JSON document: fields in one fixed order, two spaces, final newline; empty lists are left out. */
export function formatSigningConfig(config: SigningConfig): string {
  return formatDocument({
    mediaType: SIGNING_CONFIG_MEDIA_TYPE,
    caUrls: servicesJson(config.caUrls),
    oidcUrls: servicesJson(config.oidcUrls),
    rekorTlogUrls: servicesJson(config.rekorTlogUrls),
    rekorTlogConfig: config.rekorTlogConfig,
    tsaUrls: servicesJson(config.tsaUrls),
    tsaConfig: config.tsaConfig,
  });
}

function servicesJson(services: readonly Service[]): object[] | undefined {
  if (services.length === 0) return undefined;
  return services.map((service) => ({
    url: service.url,
    majorApiVersion: service.majorApiVersion,
    validFor: { start: service.validFor.start, end: service.validFor.end },
    operator: service.operator,
  }));
}

import type { LoadResult } from '../load-result.ts';
import { valueText } from './describe-result.ts';
import { escapeHtml } from './frame.ts';
import { plots } from './plots.ts';
import { STYLE } from './style.ts';

/** The report of a run: one HTML page that loads nothing and runs nothing. */
export function reportPage(result: LoadResult): string {
  const { scenario, target, generator, size, ok } = result;
  const where = target.isOurs ? `${target.url}, a server started for it on a fresh log` : target.url;
  const asked = size.rate > 0 ? `${size.rate}/s, at most ${size.vus} virtual users` : `${size.vus} virtual users`;
  const early = result.areRequestsUsedUp
    ? `It ended early: all of the ${result.count} requests that it may make were made.`
    : '';
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<title>Load: ${escapeHtml(scenario)}, ${escapeHtml(result.startedAt)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${escapeHtml(scenario)}: ${escapeHtml(result.about)}</h1>`,
    `<p class="soft">${escapeHtml(where)} · ${size.seconds} s, ${asked} · ${escapeHtml(result.startedAt)}</p>`,
    `<p class="verdict ${ok ? 'held' : 'broken'}">${ok ? 'Every threshold held.' : 'A threshold is broken.'}</p>`,
    ...[early, ...generator.warnings].filter(Boolean).map((note) => `<p class="note">${escapeHtml(note)}</p>`),
    figures(result),
    '<h2>Thresholds</h2>',
    thresholdTable(result),
    ...plots(result).map(({ heading, svg }) => `<h2>${escapeHtml(heading)}</h2>${svg}`),
    '<h2>Answers</h2>',
    answerTable(result),
    '</body></html>',
    '',
  ].join('\n');
}

function figures({ requests, seconds, perSecond, series: { latency }, generator }: LoadResult): string {
  const ms = (value: number | undefined): string => (value === undefined ? '–' : `${valueText(value)} ms`);
  const { k6Cores, serverCores } = generator;
  const all: readonly (readonly [string, string])[] = [
    ['requests', String(requests)],
    ['seconds', seconds.toFixed(1)],
    ['good answers a second', valueText(perSecond)],
    ['p50', ms(latency?.p50)],
    ['p95', ms(latency?.p95)],
    ['p99', ms(latency?.p99)],
    ['cores, k6', k6Cores.toFixed(1)],
    ...(serverCores === undefined ? [] : [['cores, server', serverCores.toFixed(1)] as const]),
  ];
  const boxes = all.map(([name, value]) => `<div><b>${escapeHtml(value)}</b><span class="soft">${name}</span></div>`);
  return `<div class="figures">${boxes.join('')}</div>`;
}

function thresholdTable({ verdicts }: LoadResult): string {
  const rows = verdicts.map(
    ({ threshold, value, held }) =>
      `<tr><td>${escapeHtml(threshold)}</td><td class="number">${valueText(value)}</td>` +
      `<td class="verdict ${held ? 'held' : 'broken'}">${held ? 'held' : 'broken'}</td></tr>`,
  );
  return `<table><tr><th>threshold</th><th class="number">measured</th><th>verdict</th></tr>${rows.join('')}</table>`;
}

function answerTable({ series: { answers } }: LoadResult): string {
  const rows = answers.map(({ request, answer, isExpected, latency }) => {
    const numbers = [latency.count, latency.p50, latency.p95, latency.p99, latency.max];
    const cells = numbers.map((value) => `<td class="number">${valueText(value)}</td>`).join('');
    const verdict = `<td class="${isExpected ? 'held' : 'broken'}">${isExpected ? 'as it should be' : 'not expected'}</td>`;
    return `<tr><td>${escapeHtml(request)}</td><td>${escapeHtml(answer)}</td>${cells}${verdict}</tr>`;
  });
  const heads = ['count', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms'].map((name) => `<th class="number">${name}</th>`);
  return `<table><tr><th>request</th><th>answer</th>${heads.join('')}<th></th></tr>${rows.join('')}</table>`;
}

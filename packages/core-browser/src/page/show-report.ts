import type { PageReport } from './page-material.ts';

/** Writes the report into the page: one row a check, one a rate. */
export function showReport({ backend, checks, rates }: PageReport): void {
  const failed = checks.filter(({ ok }) => !ok).length;
  setText('summary', `${checks.length - failed} of ${checks.length} checks hold. SHA-256 backend: ${backend}.`);
  document.body.classList.add(failed === 0 ? 'good' : 'bad');
  fill(
    'checks',
    checks.map(({ name, ok, detail }) => [ok ? '✓' : '✗', name, detail]),
  );
  fill(
    'rates',
    rates.map(({ name, unit, perSecond, noblePerSecond, timesAsFast }) => [
      name,
      `${thousands(perSecond)} ${unit}/s`,
      `${thousands(noblePerSecond)} ${unit}/s`,
      `${timesAsFast.toFixed(2)} ×`,
    ]),
  );
}

function setText(id: string, text: string): void {
  const element = document.getElementById(id);
  if (element !== null) element.textContent = text;
}

function fill(id: string, rows: readonly (readonly string[])[]): void {
  const body = document.getElementById(id);
  for (const cells of rows) {
    const row = document.createElement('tr');
    for (const cell of cells) row.appendChild(document.createElement('td')).textContent = cell;
    body?.appendChild(row);
  }
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString('en');
}

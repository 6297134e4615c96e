// The page that `check-page.html` loads: it fetches its material, checks everything, and shows and keeps the results.
import { sha256Backend } from '@tilewright/core/hash';
import { measureRates } from './measure-rates.ts';
import type { PageMaterial, PageReport } from './page-material.ts';
import { rebuildTrees } from './rebuild-tree.ts';
import { runCheck } from './run-check.ts';
import { showReport } from './show-report.ts';
import { verifyEveryType } from './verify-every-type.ts';
import { verifyRealEntry } from './verify-real-entry.ts';

declare global {
  interface Window {
    /** What came out; absent while the page works. */
    report?: PageReport;
  }
}

const material: PageMaterial = await (await fetch('material.json')).json();
// Rates come first: what else runs before would teach the compiler that libraries' code is used in many ways.
let rates: PageReport['rates'] = [];
const measured = runCheck('the same hashes as @noble/hashes', () => {
  rates = measureRates(material);
  return `${rates.length} rates`;
});
const { checks: trees, tree } = rebuildTrees(material);
const checks = [measured, ...verifyRealEntry(material), ...verifyEveryType(material), ...trees];
const report: PageReport = { backend: sha256Backend.name, checks, tree, rates };
showReport(report);
window.report = report;

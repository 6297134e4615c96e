/** Light or dark as the reader has it, and colours that differ in brightness too. */
export const PALETTE: string = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #5b6670; --rule: #dfe3e7; --paper: #fff;
  --a: #1f6feb; --b: #d97706; --c: #b42318; --d: #7c3aed; --e: #0f766e; --f: #6b7280; --g: #be185d;
  --good: #15803d; --bad: #b42318 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --soft: #9aa5af; --rule: #30363d; --paper: #14181c;
  --a: #6cb0ff; --b: #f2a63c; --c: #ff7b6e; --d: #b794f6; --e: #4fd1c5; --f: #a3adb7; --g: #f472b6;
  --good: #4ade80; --bad: #ff7b6e } }
`;

/** Style of the page. */
export const STYLE: string = `${PALETTE}
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 980px;
  margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.05rem; margin: 2rem 0 .4rem }
p { margin: .3rem 0 } .soft { color: var(--soft) }
.verdict { font-weight: 600 } .held { color: var(--good) } .broken { color: var(--bad) }
.note { border-left: 4px solid var(--b); padding: .2rem .8rem; margin: .6rem 0 }
.figures { display: flex; flex-wrap: wrap; gap: .6rem 1.8rem; margin: 1.2rem 0 }
.figures div { display: flex; flex-direction: column } .figures b { font-size: 1.35rem; font-weight: 600 }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .25rem .8rem .25rem 0;
  border-bottom: 1px solid var(--rule) } th { color: var(--soft); font-weight: 500 }
.number { text-align: right; font-variant-numeric: tabular-nums }
svg { display: block; width: 100%; height: auto } .grid { stroke: var(--rule) }
.mark { fill: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums }
.line { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round } .dot { fill: currentColor }
.a { color: var(--a) } .b { color: var(--b) } .c { color: var(--c) } .d { color: var(--d) } .e { color: var(--e) }
.f { color: var(--f) } .g { color: var(--g) } .good { color: var(--good) } .bad { color: var(--bad) }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.4rem; padding: 0 0 0 62px; margin: .1rem 0;
  font-size: 13px } .legend i { display: inline-block; width: 12px; height: 12px; border-radius: 2px;
  background: currentColor; margin-right: .4rem; vertical-align: -1px }
`;

import { createHash } from "node:crypto";
import { pageColours } from "./page-colours.ts";

/** One column; what a narrow screen or paper changes is at the end. */
const layout = `*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere;text-size-adjust:100%}
code,pre,.raw{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.875em}
pre code{font-size:1em}
.raw,dd,td,th,code,.detail,.title,h1,h2{unicode-bidi:isolate}
header,main,footer{max-width:56rem;margin:0 auto;padding:0 1.25rem}
header{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;justify-content:space-between;padding-top:1.5rem;color:var(--muted);font-size:.875rem}
header p,.counts,.summary,.eyebrow,.check p,.root h2{margin:0}
header b{color:var(--text)}
footer{padding-top:1rem;padding-bottom:3rem;color:var(--muted);font-size:.875rem}
h1{display:flex;gap:.75rem;align-items:flex-start;margin:0;font-size:1.6rem;line-height:1.25;letter-spacing:-.01em}
h1 .mark{width:1.75rem;height:1.75rem;margin-top:.1rem}
h2{font-size:1.25rem;line-height:1.35;margin:3rem 0 .75rem}
h3{font-size:.9375rem;margin:1.75rem 0 .5rem;color:var(--muted);font-weight:600}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.5rem 1rem}
.mark{flex:none;width:1.0625rem;height:1.0625rem;vertical-align:-.2em;color:var(--tone)}
.fill{fill:currentColor}
.cut,.line{fill:none;stroke:var(--card);stroke-width:1.7;stroke-linecap:round;stroke-linejoin:round}
.line{stroke:currentColor;stroke-width:1.5}
circle.line{stroke-dasharray:2.6 1.6;stroke-linecap:butt}
.status{color:var(--tone);font-weight:600;white-space:nowrap}
.verdict{margin-top:1rem;padding:1.5rem;background:var(--card);border:1px solid var(--line);border-top:5px solid var(--tone);border-radius:8px}
.counts{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin-top:.75rem;padding:0}
.summary{margin-top:.5rem;color:var(--muted)}
.root{margin-top:1.5rem;padding-top:1.5rem;border-top:1px solid var(--line)}
.root h2{font-size:1.125rem;font-weight:600}
.eyebrow{margin-bottom:.25rem;color:var(--muted);font-size:.875rem}
dl{margin:0}
.finding,.facts{display:grid;gap:.6rem;margin-top:.9rem}
.finding>div,.facts>div{display:grid;grid-template-columns:6.5rem minmax(0,1fr);gap:0 1rem}
.finding>div{grid-template-columns:3rem minmax(0,1fr)}
dt{color:var(--muted);font-size:.9375rem}
dd{margin:0;min-width:0}
.raw,.fix,.detail,.title,.root h2{white-space:pre-wrap}
pre{margin:0;padding:.6rem .8rem;background:var(--sunk);border:1px solid var(--line);border-radius:6px;white-space:pre-wrap;user-select:all}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:1.25rem 0 0;padding:0}
.checks{list-style:none;margin:0;padding:0;background:var(--card);border:1px solid var(--line);border-radius:8px}
.check{display:grid;grid-template-columns:13.5rem minmax(0,1fr);gap:.25rem 1rem;padding:.6rem 1rem}
.check+.check{border-top:1px solid var(--line)}
.check .state{display:flex;gap:.75rem}
.check .status{flex:none;width:5.5rem}
.check.failed,.check.warning{box-shadow:inset 4px 0 var(--tone)}
.title{font-weight:500}
.passed .status,.skipped .status{font-weight:400}
.detail{color:var(--muted);font-size:.9375rem}
.failed .detail,.warning .detail{color:var(--text)}
details{margin-top:.75rem}
dd details{margin-top:.25rem}
summary{cursor:pointer;color:var(--link);font-size:.9375rem}
.sides{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:0 1.5rem}
.sides h3{margin-top:.75rem}
table{width:100%;margin-top:1rem;border-collapse:separate;border-spacing:0;table-layout:fixed;background:var(--card);border:1px solid var(--line);border-radius:8px}
caption{padding-bottom:.4rem;text-align:start;color:var(--muted);font-size:.875rem}
th,td{padding:.5rem 1rem;text-align:start;vertical-align:top;font-weight:400}
thead th{color:var(--muted);font-size:.875rem}
tbody tr>*{border-top:1px solid var(--line)}
.settings th:first-child{width:36%}.settings th:last-child{width:27%}
.source{color:var(--muted);font-size:.875rem}
.fields tbody tr+tr>*{border-top:0;padding-top:0}
.fields td+td{border-inline-start:1px solid var(--line)}
.different{background:var(--marked);box-shadow:inset 4px 0 var(--warning)}
.differs{color:var(--warning);font-size:.875rem;margin-inline-end:.5rem}
.absent{color:var(--muted);font-style:italic}
`;

const narrow = `@media (max-width:40rem){
header,main,footer{padding-left:.875rem;padding-right:.875rem}
h1{font-size:1.3rem}
.verdict{padding:1.1rem}
.finding>div,.facts>div{grid-template-columns:minmax(0,1fr)}
.check{grid-template-columns:minmax(0,1fr);padding:.7rem .875rem}
th,td{padding:.5rem .75rem}
.settings thead{position:absolute;clip-path:inset(50%)}
.settings,.settings tbody,.settings tr,.settings tr>*{display:block;width:auto}
.settings caption{display:block;padding:.5rem .75rem}
.settings tr+tr{border-top:1px solid var(--line)}
.settings tbody tr>*{border-top:0;padding:.1rem .75rem}
.settings tr{padding:.5rem 0}
.settings th:first-child,.settings th:last-child{width:auto}
}
`;

/** Paper cannot unfold anything, and prints no grounds. */
const paper = `@media print{
body{background:none;font-size:10pt}
header,main,footer{max-width:none;padding-left:0;padding-right:0}
nav,.skip{display:none}
details::details-content{content-visibility:visible;display:block;block-size:auto}
.check,.verdict,tr,pre{break-inside:avoid}
h2,h3,caption{break-after:avoid}
.mark,.different{print-color-adjust:exact}
}
`;

/** The style of the page. */
export const pageStyle = `${pageColours}${layout}${narrow}${paper}`;

/** `'sha256-…'`: the source for `style-src` that allows this style and no other. */
export function styleSource(): string {
  return `'sha256-${createHash("sha256").update(pageStyle).digest("base64")}'`;
}

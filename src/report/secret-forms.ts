import { quotePlus } from "../network/basic-credentials.ts";

/** How programs write these characters in HTML: Go, its templates, Python, PHP, Mustache, and what writes a slash by its number. */
const htmlForms: readonly Readonly<Record<string, string>>[] = [
  { '"': "&#34;", "'": "&#39;" },
  { '"': "&#34;", "'": "&#39;", "+": "&#43;" },
  { '"': "&quot;", "'": "&#x27;" },
  { '"': "&quot;", "'": "&#039;" },
  { '"': "&quot;", "'": "&#39;", "/": "&#x2F;", "`": "&#x60;", "=": "&#x3D;" },
  { '"': "&quot;", "'": "&#39;", "/": "&#47;" },
];

const inAll: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** A text as others may repeat what they were sent: in a URL or a form, in HTML. */
export function foreignFormsOf(text: string): string[] {
  const whole = text.toWellFormed();
  const strict = quotePlus(whole).replaceAll("+", "%20");
  const inUrls = [
    encodeURIComponent(whole),
    quotePlus(whole),
    new URLSearchParams({ "": whole }).toString().slice(1),
    strict,
    strict.replaceAll("%2F", "/"),
  ];
  return [
    ...inUrls,
    ...inUrls.map((form) => form.replace(/%../g, (byte) => byte.toLowerCase())),
    ...htmlForms.map((form) => text.replace(/[&<>"'+/`=]/g, (letter) => inAll[letter] ?? form[letter] ?? letter)),
  ];
}

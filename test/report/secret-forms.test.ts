import { expect, test } from "vitest";
import { foreignFormsOf } from "../../src/report/secret-forms.ts";

const secret = `a/b c+d&<e>"f"='g'(h)~\`*\\`;

test.each([
  ["encodeURIComponent", "a%2Fb%20c%2Bd%26%3Ce%3E%22f%22%3D'g'(h)~%60*%5C"],
  ["the same in lower case", "a%2fb%20c%2bd%26%3ce%3e%22f%22%3d'g'(h)~%60*%5c"],
  ["Go's QueryEscape, Python's quote_plus", "a%2Fb+c%2Bd%26%3Ce%3E%22f%22%3D%27g%27%28h%29~%60%2A%5C"],
  ["Go's PathEscape of RFC 3986", "a%2Fb%20c%2Bd%26%3Ce%3E%22f%22%3D%27g%27%28h%29~%60%2A%5C"],
  ["Python's quote", "a/b%20c%2Bd%26%3Ce%3E%22f%22%3D%27g%27%28h%29~%60%2A%5C"],
  ["URLSearchParams", "a%2Fb+c%2Bd%26%3Ce%3E%22f%22%3D%27g%27%28h%29%7E%60*%5C"],
  ["Go's html", "a/b c+d&amp;&lt;e&gt;&#34;f&#34;=&#39;g&#39;(h)~`*\\"],
  ["Go's html/template", "a/b c&#43;d&amp;&lt;e&gt;&#34;f&#34;=&#39;g&#39;(h)~`*\\"],
  ["Python's html", "a/b c+d&amp;&lt;e&gt;&quot;f&quot;=&#x27;g&#x27;(h)~`*\\"],
  ["PHP", "a/b c+d&amp;&lt;e&gt;&quot;f&quot;=&#039;g&#039;(h)~`*\\"],
  ["Mustache", "a&#x2F;b c+d&amp;&lt;e&gt;&quot;f&quot;&#x3D;&#39;g&#39;(h)~&#x60;*\\"],
])("the form of %s is one of a secret's", (_name, form) => {
  expect(foreignFormsOf(secret)).toContain(form);
});

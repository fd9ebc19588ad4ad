import { describe, expect, it } from "vitest";
import { namespacesText, objectText } from "../../src/findings/namespaces-text.ts";

const many = Array.from({ length: 200 }, (_, index) => `n${index}`);

describe("namespaces in a sentence", () => {
  it.each([
    [["a"], "namespace a"],
    [["a", "b"], "namespaces a and b"],
    [["a", "b", "c"], "namespaces a, b and c"],
    [many.slice(0, 8), "namespaces n0, n1, n2, n3, n4, n5, n6 and n7"],
    [many.slice(0, 9), "namespaces n0, n1, n2, n3, n4, n5, n6, n7 and 1 more"],
    [many, "namespaces n0, n1, n2, n3, n4, n5, n6, n7 and 192 more"],
  ])("%j are %s", (namespaces, text) => {
    expect(namespacesText(namespaces)).toBe(text);
  });

  it("are part of an object's name if there is one of it", () => {
    expect(objectText("ConfigMap", ["a"], "settings")).toBe("ConfigMap a/settings");
    expect(objectText("ConfigMap", ["a", "b"], "settings")).toBe("ConfigMap settings in namespaces a and b");
    expect(objectText("ConfigMap", [], "settings")).toBe("ConfigMap settings");
  });
});

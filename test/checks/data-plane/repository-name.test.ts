import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { repositoryFault } from "../../../src/checks/data-plane/repository-name.ts";

/** Parts as the grammar of github.com/distribution/reference has them. */
const component = fc.stringMatching(/^[a-z0-9]{1,8}(([._]|__|-{1,3})[a-z0-9]{1,8}){0,3}$/);
const path = fc.array(component, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
const label = fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9-]{0,6}[A-Za-z0-9])?$/);
const domain = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join("."));
const host = fc.oneof(
  domain,
  fc.ipV4(),
  fc.constantFrom("localhost", "[::1]", "[2001:db8::12]"),
  fc.tuple(label, fc.integer({ min: 1, max: 65_535 })).map(([name, port]) => `${name}:${port}`),
);
const port = fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined });
const named = fc
  .tuple(host, port, path)
  .map(([name, number, rest]) => `${name}${number === undefined || /:\d+$/.test(name) ? "" : `:${number}`}/${rest}`);

describe("the name of a repository", () => {
  it.each([
    "ghcr.io/acme/union",
    "registry.depot.dev/abc",
    "registry.depot.dev",
    "registry:5000",
    "localhost/union",
    "localhost:5000/union",
    "[::1]:5000/union",
    "[2001:db8::1]/union",
    "10.0.0.1:5000/union",
    "acme/union",
    "union",
    "GHCR.io/acme/union",
    "123456789012.dkr.ecr.us-east-1.amazonaws.com/union",
    "us-docker.pkg.dev/acme-prod/union/images",
    "example.com/a.b/c_d/e__f/g--h/1",
  ])("may be %s", (text) => {
    expect(repositoryFault(text)).toBeUndefined();
  });

  it.each([
    ["https://ghcr.io/acme/union", "it begins with the scheme https://"],
    ["oci://ghcr.io/acme", "it begins with the scheme oci://"],
    ["DOCKER://ghcr.io/acme", "it begins with the scheme DOCKER://"],
    ["ghcr.io/Acme/Union", '"Acme" has capital letters'],
    ["Acme/union", '"Acme" has capital letters'],
    ["ghcr.io/acme union", "it contains whitespace"],
    ["ghcr.io/acme\tunion", "it contains whitespace"],
    ["ghcr.io/acme/", "it ends with a slash"],
    ["ghcr.io/", "it ends with a slash"],
    ["/acme/union", "a part between slashes is empty"],
    ["ghcr.io//union", "a part between slashes is empty"],
    ["ghcr.io/acme/union:latest", "it has the tag :latest, and builds add their own"],
    ["union:latest", "it has the tag :latest, and builds add their own"],
    [`ghcr.io/acme@sha256:${"0".repeat(64)}`, "it contains an @, which separates a digest or a user"],
    ["user:password@ghcr.io/acme", "it contains an @, which separates a digest or a user"],
    ["ghcr.io:/acme", 'the port "" is not a number from 1 to 65535'],
    ["ghcr.io:0/acme", 'the port "0" is not a number from 1 to 65535'],
    ["ghcr.io:65536/acme", 'the port "65536" is not a number from 1 to 65535'],
    ["ghcr.io:https/acme", 'the port "https" is not a number from 1 to 65535'],
    ["::1/acme", "the IPv6 address ::1 is not in brackets"],
    ["[::1/acme", "[::1 is not host:port"],
    ["[::1]5000/acme", "[::1]5000 is not host:port"],
    ["[fe80::1%eth0]/acme", "[fe80::1%eth0] is not an IPv6 address"],
    ["[::ffff:10.0.0.1]/acme", "[::ffff:10.0.0.1] is not an IPv6 address"],
    ["[registry]/acme", '"[registry]" has a character that names cannot have'],
    ["-ghcr.io/acme", "-ghcr.io is not the name of a host"],
    ["my_registry.example.com/acme", "my_registry.example.com is not the name of a host"],
    ["ghcr..io/acme", "ghcr..io is not the name of a host"],
    ["ghcr.io/acmé", '"acmé" has a character that names cannot have'],
    ["ghcr.io/<registry>", '"<registry>" has a character that names cannot have'],
    ["ghcr.io/$(ACCOUNT)", '"$(ACCOUNT)" has a character that names cannot have'],
    ["ghcr.io/-acme", '"-acme" has a ., _ or - at its beginning or end'],
    ["ghcr.io/acme.", '"acme." has a ., _ or - at its beginning or end'],
    ["ghcr.io/a..b", '"a..b" has a ., _ or - at its beginning or end, or two of them in a row'],
    ["ghcr.io/a___b", '"a___b" has a ., _ or - at its beginning or end, or two of them in a row'],
    [`ghcr.io/${"a".repeat(256)}`, "its path is longer than 255 characters"],
  ])("is not %s: %s", (text, reason) => {
    expect(repositoryFault(text)).toContain(reason);
  });

  it("is whatever the grammar makes", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          named,
          component,
          path.map((rest) => `acme/${rest}`),
        ),
        (text) => {
          expect(repositoryFault(text)).toBeUndefined();
        },
      ),
    );
  });

  it("is nothing with a part that no registry takes, wherever it is", () => {
    const bad = fc.constantFrom("", " ", "A", "é", "..", "-", "_", "a_", ".a", "a:b/", "@", "https://", "a___b", "$x");
    fc.assert(
      fc.property(
        domain,
        fc.array(component, { maxLength: 3 }),
        bad,
        fc.array(component, { maxLength: 3 }),
        (...made) => {
          const [registry, before, part, after] = made;
          expect(repositoryFault([registry, ...before, part, ...after].join("/"))).toEqual(expect.stringMatching(/\S/));
        },
      ),
    );
  });
});

import { describe, expect, it } from "vitest";
import { RegistrarError } from "../../src/findings/registrar-error.ts";
import { parseEndpoint } from "../../src/network/endpoint.ts";
import { dataPlaneOf } from "../../src/smoke-build/build-requests.ts";

function endpointOf(url: string) {
  const endpoint = parseEndpoint(url, url.startsWith("http:"));
  if (typeof endpoint === "string") throw new TypeError(endpoint);
  return endpoint;
}

const controlPlane = endpointOf("https://union.example.com");

describe("the data plane that a control plane names", () => {
  it.each(["http://dp.example.com", "http://10.0.0.1:8080", "HTTP://dp.example.com"])(
    "gets no token where it is %s",
    (named) => {
      const refused = () => dataPlaneOf(named, controlPlane);
      expect(refused).toThrow(RegistrarError);
      expect(refused).toThrow(/build-data-plane-unreachable/);
    },
  );

  it.each([
    ["https://dp.example.com", "https://dp.example.com"],
    ["dns:///dp.example.com", "https://dp.example.com"],
    ["http://dataproxy.union.svc:80", "http://dataproxy.union.svc"],
  ])("may be %s", (named, url) => {
    expect(dataPlaneOf(named, controlPlane)?.url).toBe(url);
  });

  it.each(["", "https://union.example.com", "ftp://dp.example.com", "https://user:secret@dp.example.com", "a b"])(
    "is the control plane itself for %j",
    (named) => {
      expect(dataPlaneOf(named, controlPlane)).toBeUndefined();
    },
  );

  it("may be without TLS where the control plane is", () => {
    expect(dataPlaneOf("http://localhost:8091", endpointOf("http://localhost:8090"))?.insecure).toBe(true);
  });
});

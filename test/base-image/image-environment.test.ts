import { expect, it } from "vitest";
import {
  configFilePaths,
  managedDirectory,
  parseImageEnvironment,
  searchDirectories,
} from "../../src/base-image/image-environment.ts";

it.each([
  [["A=1", "B=x=y", "A=2", "C="], { A: "2", B: "x=y", C: "" }],
  [["NAME", "=value", "__proto__=1"], Object.fromEntries([["__proto__", "1"]])],
])("the variables of %j are %j", (env, variables) => {
  expect(Object.fromEntries(parseImageEnvironment(env))).toEqual(variables);
});

it.each([
  [[], ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]],
  [["PATH=/a:b::/c/:/a:."], ["/a", "/c/"]],
  [["PATH="], []],
  [["PATH=/a", "UV_PYTHON_SEARCH_PATH=/b"], ["/b"]],
])("with %j uv searches %j", (env, directories) => {
  expect(searchDirectories(parseImageEnvironment(env))).toEqual(directories);
});

it.each([
  [[], "/root/.local/share/uv/python"],
  [["HOME=/home/a"], "/home/a/.local/share/uv/python"],
  [["HOME=/home/a", "XDG_DATA_HOME=/data"], "/data/uv/python"],
  [["XDG_DATA_HOME=/data", "UV_PYTHON_INSTALL_DIR=/opt/pythons"], "/opt/pythons"],
  [["XDG_DATA_HOME=", "UV_PYTHON_INSTALL_DIR="], "/root/.local/share/uv/python"],
])("with %j uv keeps its own Pythons in %s", (env, directory) => {
  expect(managedDirectory(parseImageEnvironment(env))).toBe(directory);
});

it("configuration is where uv and pip look for it, each place once", () => {
  expect(configFilePaths(parseImageEnvironment([]))).toEqual([
    "/etc/uv/uv.toml",
    "/etc/xdg/uv/uv.toml",
    "/root/.config/uv/uv.toml",
    "/etc/pip.conf",
    "/etc/xdg/pip/pip.conf",
    "/root/.config/pip/pip.conf",
    "/root/.pip/pip.conf",
  ]);
  const env = ["HOME=/h", "XDG_CONFIG_DIRS=/a:/b", "XDG_CONFIG_HOME=/c", "UV_CONFIG_FILE=/d.toml", "VIRTUAL_ENV=/v"];
  expect(configFilePaths(parseImageEnvironment([...env, "PIP_CONFIG_FILE=relative"]))).toEqual([
    "/d.toml",
    "/etc/uv/uv.toml",
    "/a/uv/uv.toml",
    "/b/uv/uv.toml",
    "/c/uv/uv.toml",
    "/etc/pip.conf",
    "/a/pip/pip.conf",
    "/b/pip/pip.conf",
    "/c/pip/pip.conf",
    "/h/.pip/pip.conf",
    "/v/pip.conf",
  ]);
});

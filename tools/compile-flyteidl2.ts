// Compiles the published protobuf sources to JavaScript with types.
//
// `@flyteorg/flyteidl2` ships TypeScript only, and Node refuses to strip types below node_modules; our own tsconfig
// is also stricter than generated code can be. Output: generated/flyteidl2, imported as `#flyteidl2/…` (package.json).
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { base64Encode } from "@bufbuild/protobuf/wire";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";

const root = join(import.meta.dirname, "..");
const published = join(root, "node_modules/@flyteorg/flyteidl2");
const output = join(root, "generated/flyteidl2");
const sources = join(output, "src");

rmSync(output, { recursive: true, force: true });
mkdirSync(sources, { recursive: true });
for (const folder of ["flyteidl2", "google"]) {
  cpSync(join(published, folder), join(sources, folder), { recursive: true });
}
writeValidationRules();
writeFileSync(join(output, "package.json"), JSON.stringify({ type: "module" }));
writeFileSync(
  join(output, "tsconfig.json"),
  JSON.stringify({
    compilerOptions: {
      target: "es2025",
      module: "nodenext",
      rootDir: "src",
      outDir: ".",
      declaration: true,
      rewriteRelativeImportExtensions: true,
      skipLibCheck: true,
      types: [],
    },
    files: [
      "src/flyteidl2/auth/auth_service_pb.ts",
      "src/flyteidl2/cluster/service_pb.ts",
      "src/flyteidl2/dataproxy/dataproxy_service_pb.ts",
      "src/flyteidl2/imagebuilder/service_pb.ts",
      "src/flyteidl2/project/project_service_pb.ts",
      "src/flyteidl2/task/task_service_pb.ts",
      "src/flyteidl2/workflow/run_service_pb.ts",
    ],
  }),
);
execFileSync(join(root, "node_modules/.bin/tsc"), ["-p", output], { stdio: "inherit" });
rmSync(sources, { recursive: true });

/**
 * The other files name buf/validate as an import, for rules that servers check and clients do not. An empty file of that
 * name does as well; the real one costs every run 20 ms to read.
 */
function writeValidationRules(): void {
  const name = "buf/validate/validate.proto";
  const descriptor = base64Encode(toBinary(FileDescriptorProtoSchema, create(FileDescriptorProtoSchema, { name })));
  mkdirSync(join(sources, "buf/validate"), { recursive: true });
  writeFileSync(
    join(sources, "buf/validate/validate_pb.ts"),
    `import { fileDesc, type GenFile } from "@bufbuild/protobuf/codegenv1";
export const file_buf_validate_validate: GenFile = /*@__PURE__*/ fileDesc("${descriptor}");
`,
  );
}

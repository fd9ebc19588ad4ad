import { create } from "@bufbuild/protobuf";
import { type Inputs, type NamedLiteral, NamedLiteralSchema } from "#flyteidl2/task/common_pb.js";

/** A named string, as tasks take and give it. */
export function stringLiteral(name: string, text: string): NamedLiteral {
  return create(NamedLiteralSchema, {
    name,
    value: {
      value: {
        case: "scalar",
        value: { value: { case: "primitive", value: { value: { case: "stringValue", value: text } } } },
      },
    },
  });
}

function stringOf({ value }: NamedLiteral): string | undefined {
  const scalar = value?.value.case === "scalar" ? value.value.value.value : undefined;
  const primitive = scalar?.case === "primitive" ? scalar.value.value : undefined;
  return primitive?.case === "stringValue" ? primitive.value : undefined;
}

/** The inputs that are strings, by name. */
export function stringsOf({ literals }: Inputs): Record<string, string> {
  return Object.fromEntries(
    literals.flatMap((literal) => {
      const text = stringOf(literal);
      return text === undefined ? [] : [[literal.name, text]];
    }),
  );
}

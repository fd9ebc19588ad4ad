import Handlebars from "handlebars";
import runtime from "handlebars/runtime.js";
import { problem } from "../findings/registrar-error.ts";
import { compiledTemplates } from "./precompiled.ts";

// The library's types for it describe another module.
const Runtime = runtime as unknown as typeof Handlebars;

/** A template's text and where it came from. */
export interface Template {
  file: string;
  text: string;
}

/** A JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** The only way to insert a value into a template: `{{yaml x}}` or `{{python x}}`. */
export interface ValueHelper {
  name: "yaml" | "python";
  /** The text of a value in the rendered file. */
  write: (value: Json) => string;
}

/**
 * Renders a template with a context. Values are inserted by the helper only; a plain `{{name}}` is rejected, since it would
 * insert a value as code.
 * @throws {RegistrarError} template-unusable: the template does not parse, inserts a value as code, or names an unknown one
 */
export function renderTemplate({ file, text }: Template, context: object, helper: ValueHelper): string {
  const known = compiledTemplates.get(text);
  const handlebars = (known ? Runtime : Handlebars).create();
  handlebars.registerHelper(helper.name, (value: Json | undefined, { loc }: { loc: hbs.AST.SourceLocation }) => {
    if (value === undefined) throw new Error(`line ${loc.start.line}: {{${helper.name} …}} names an unknown value`);
    return new Runtime.SafeString(helper.write(value));
  });
  try {
    const template = known
      ? handlebars.template(known as TemplateSpecification)
      : handlebars.compile(parsed(text, helper.name), { strict: true });
    return template(context);
  } catch (error) {
    throw problem("template-unusable", { file }, error);
  }
}

/**
 * A template as JavaScript, for the bundle.
 * @throws {Error} if it does not parse, or inserts a value as code
 */
export function precompileTemplate(text: string, helper: ValueHelper["name"]): string {
  return String(Handlebars.precompile(parsed(text, helper), { strict: true }));
}

function parsed(text: string, helper: string): hbs.AST.Program {
  const program = Handlebars.parse(text);
  rejectPlainValues(program, helper);
  return program;
}

/** The blocks that a template may use. */
const blocks: ReadonlySet<string> = new Set(["if", "unless", "each", "with"]);

/** Throws at the first mustache that would insert a value as code. */
function rejectPlainValues(program: hbs.AST.Program, helper: string): void {
  for (const statement of program.body) {
    if (isMustache(statement)) {
      const name = "original" in statement.path ? String(statement.path.original) : "";
      if (name !== helper || statement.params.length !== 1) {
        const value = name === helper ? "value" : name;
        throw new Error(`line ${statement.loc.start.line}: write {{${helper} ${value}}} instead of {{${name}}}`);
      }
    } else if (isBlock(statement)) {
      // Other blocks insert what they get: {{#lookup this "appVersion"}}{{/lookup}}.
      const name = String(statement.path.original);
      if (!blocks.has(name)) throw new Error(`line ${statement.loc.start.line}: {{#${name}}} is not supported`);
      if (statement.program) rejectPlainValues(statement.program, helper);
      if (statement.inverse) rejectPlainValues(statement.inverse, helper);
    } else if (!["ContentStatement", "CommentStatement"].includes(statement.type)) {
      throw new Error(`line ${statement.loc.start.line}: ${statement.type} is not supported`);
    }
  }
}

function isMustache(statement: hbs.AST.Statement): statement is hbs.AST.MustacheStatement {
  return statement.type === "MustacheStatement";
}

function isBlock(statement: hbs.AST.Statement): statement is hbs.AST.BlockStatement {
  return statement.type === "BlockStatement";
}

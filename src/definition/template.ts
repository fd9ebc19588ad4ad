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

/** The one way in which values enter a template: `{{yaml x}}` or `{{python x}}`. */
export interface ValueHelper {
  name: "yaml" | "python";
  /** The text that stands for the value in the rendered file. */
  write: (value: Json) => string;
}

/**
 * Renders a template with a context. Values enter by the helper alone; a plain `{{name}}` is refused, since it would
 * paste a value as code.
 * @throws {RegistrarError} template-unusable: the template does not parse, pastes a value, or names what is not given
 */
export function renderTemplate({ file, text }: Template, context: object, helper: ValueHelper): string {
  const known = compiledTemplates.get(text);
  const handlebars = (known ? Runtime : Handlebars).create();
  handlebars.registerHelper(helper.name, (value: Json | undefined, { loc }: { loc: hbs.AST.SourceLocation }) => {
    if (value === undefined) throw new Error(`line ${loc.start.line}: {{${helper.name} …}} names what is not given`);
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
 * A template as JavaScript, for a bundle.
 * @throws {Error} where it does not parse, or pastes a value
 */
export function precompileTemplate(text: string, helper: ValueHelper["name"]): string {
  return String(Handlebars.precompile(parsed(text, helper), { strict: true }));
}

function parsed(text: string, helper: string): hbs.AST.Program {
  const program = Handlebars.parse(text);
  refusePlainValues(program, helper);
  return program;
}

/** The blocks that a template may use. */
const blocks: ReadonlySet<string> = new Set(["if", "unless", "each", "with"]);

/** Walks a parsed template and throws at the first mustache that would paste a value. */
function refusePlainValues(program: hbs.AST.Program, helper: string): void {
  for (const statement of program.body) {
    if (isMustache(statement)) {
      const name = "original" in statement.path ? String(statement.path.original) : "";
      if (name !== helper || statement.params.length !== 1) {
        const value = name === helper ? "value" : name;
        throw new Error(`line ${statement.loc.start.line}: write {{${helper} ${value}}} instead of {{${name}}}`);
      }
    } else if (isBlock(statement)) {
      // The others paste what they are given: {{#lookup this "appVersion"}}{{/lookup}}.
      const name = String(statement.path.original);
      if (!blocks.has(name)) throw new Error(`line ${statement.loc.start.line}: {{#${name}}} is not supported`);
      if (statement.program) refusePlainValues(statement.program, helper);
      if (statement.inverse) refusePlainValues(statement.inverse, helper);
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

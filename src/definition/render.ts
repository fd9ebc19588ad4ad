import Handlebars from "handlebars";
import { problem } from "../errors/registrar-error.ts";
import type { DefinitionContext } from "./context.ts";
import { type Json, pythonLiteral } from "./python-literal.ts";
import type { Signature } from "./signature.ts";

/** A template's text and where it came from. */
export interface Template {
  file: string;
  text: string;
  own: boolean;
}

/** Gives the file for a context; with a signature it also proves that the file carries it. */
export type Render = (context: DefinitionContext, signature?: Signature) => string;

/**
 * Prepares a template. Values enter only through the helper `python`, which writes a Python literal; a plain `{{name}}`
 * in a user's template is refused, since it would paste a value as code.
 * @throws {RegistrarError} template-unusable, also from the function it gives: the template does not parse, uses what is
 * not given, or drops the signature
 */
export function prepareTemplate({ file, text }: Template): Render {
  const handlebars = Handlebars.create();
  handlebars.registerHelper("python", (value: Json | undefined, { loc }: { loc: hbs.AST.SourceLocation }) => {
    if (value === undefined) throw new Error(`line ${loc.start.line}: {{python …}} names what is not given`);
    return new Handlebars.SafeString(pythonLiteral(value));
  });
  const orThrow = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw problem("template-unusable", { file }, error);
    }
  };
  const template = orThrow(() => {
    const program = handlebars.parse(text);
    refusePlainValues(program);
    return handlebars.compile(program, { strict: true });
  });
  return (context, signature) => {
    const source = orThrow(() => template(context));
    if (signature && !source.includes(signature.fingerprint)) {
      throw problem(
        "template-unusable",
        { file },
        "it leaves out annotations={{python annotations}} of flyte.PodTemplate",
      );
    }
    return source;
  };
}

/** The blocks that a template may use. */
const blocks: ReadonlySet<string> = new Set(["if", "unless", "each", "with"]);

/** Walks a parsed template and throws at the first mustache that would paste a value unquoted. */
function refusePlainValues(program: hbs.AST.Program): void {
  for (const statement of program.body) {
    if (isMustache(statement)) {
      const name = "original" in statement.path ? String(statement.path.original) : "";
      if (name !== "python" || statement.params.length !== 1) {
        const value = name === "python" ? "value" : name;
        throw new Error(`line ${statement.loc.start.line}: write {{python ${value}}} instead of {{${name}}}`);
      }
    } else if (isBlock(statement)) {
      // The others paste what they are given: {{#lookup this "appVersion"}}{{/lookup}}.
      const name = String(statement.path.original);
      if (!blocks.has(name)) throw new Error(`line ${statement.loc.start.line}: {{#${name}}} is not supported`);
      if (statement.program) refusePlainValues(statement.program);
      if (statement.inverse) refusePlainValues(statement.inverse);
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

import { Code, ConnectError } from "@connectrpc/connect";
import { type Filter, Filter_Function } from "#flyteidl2/common/list_pb.js";

type Matches = (actual: string, values: readonly string[]) => boolean;

/** The functions that were recorded. The real server knows more of them. */
const functions: Partial<Record<Filter_Function, Matches>> = {
  [Filter_Function.EQUAL]: (actual, [value]) => actual === value,
  [Filter_Function.NOT_EQUAL]: (actual, [value]) => actual !== value,
  [Filter_Function.CONTAINS]: (actual, [value = ""]) => actual.includes(value),
  [Filter_Function.VALUE_IN]: (actual, values) => values.includes(actual),
};

const refuse = (reason: string) => new ConnectError(`failed to convert filters: ${reason}`, Code.InvalidArgument);

/** Whether a row satisfies every one of the filters, which may name these columns. */
export function matchesAll<Column extends string>(
  filters: readonly Filter[],
  columns: readonly Column[],
): (row: Readonly<Record<Column, string>>) => boolean {
  const conditions = filters.map(({ function: comparison, field, values }) => {
    const column = columns.find((known) => known === field);
    if (column === undefined) throw refuse(`invalid filter field: ${field}`);
    const matches = functions[comparison];
    if (matches === undefined) throw refuse(`unsupported filter function: ${Filter_Function[comparison]}`);
    if (values.length === 0) throw refuse(`filter ${field} has no values`);
    return (row: Readonly<Record<Column, string>>) => matches(row[column], values);
  });
  return (row) => conditions.every((matches) => matches(row));
}

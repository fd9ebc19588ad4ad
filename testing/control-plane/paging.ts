import { Code, ConnectError } from "@connectrpc/connect";
import { type ListRequest, Sort_Direction } from "#flyteidl2/common/list_pb.js";

const defaultLimit = 50;
const maximalLimit = 200;

/** One page of rows, and the token of the following one. */
export interface Page<Row> {
  readonly rows: Row[];
  readonly token: string;
}

function sorted<Row>(oldestFirst: readonly Row[], key: string, columns: readonly (keyof Row)[]): readonly Row[] {
  if (key === "created_at") return oldestFirst;
  const column = columns.find((known) => known === key);
  if (column === undefined) throw new ConnectError(`invalid sort field: ${key}`, Code.InvalidArgument);
  return oldestFirst.toSorted((a, b) => Number(a[column] > b[column]) - Number(a[column] < b[column]));
}

/**
 * One page of rows that are given in order of creation, oldest first, and may be asked for in order of other columns.
 * Newest first is the default; a token is the offset of the next page, given whenever the page is full, even when
 * nothing follows.
 */
export function pageOf<Row>(
  oldestFirst: readonly Row[],
  request: Partial<ListRequest> = {},
  columns: readonly (keyof Row)[] = [],
): Page<Row> {
  const limit = request.limit || defaultLimit;
  if (limit > maximalLimit) {
    throw new ConnectError(`invalid limit: ${limit} (exceeds maximum of ${maximalLimit})`, Code.InvalidArgument);
  }
  if (request.token !== undefined && !/^\d*$/.test(request.token)) {
    throw new ConnectError(`invalid token: "${request.token}"`, Code.InvalidArgument);
  }
  const ascending = sorted(oldestFirst, request.sortBy?.key ?? "created_at", columns);
  const offset = Number(request.token ?? "");
  const { length } = ascending;
  const rows =
    request.sortBy?.direction === Sort_Direction.ASCENDING
      ? ascending.slice(offset, offset + limit)
      : ascending.slice(Math.max(0, length - offset - limit), Math.max(0, length - offset)).reverse();
  return { rows, token: rows.length === limit ? String(offset + limit) : "" };
}

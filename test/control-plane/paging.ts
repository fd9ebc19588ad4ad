import { Code, ConnectError } from "@connectrpc/connect";
import { type ListRequest, Sort_Direction } from "#flyteidl2/common/list_pb.js";

const defaultLimit = 50;
const maximalLimit = 200;

/** One page of rows, and the token of the following one. */
export interface Page<Row> {
  readonly rows: Row[];
  readonly token: string;
}

/**
 * One page of rows that are given in order of creation, oldest first. Newest first is the default; a token is the
 * offset of the next page, given whenever the page is full, even when nothing follows.
 */
export function pageOf<Row>(oldestFirst: readonly Row[], request: Partial<ListRequest> = {}): Page<Row> {
  const limit = request.limit || defaultLimit;
  if (limit > maximalLimit) {
    throw new ConnectError(`invalid limit: ${limit} (exceeds maximum of ${maximalLimit})`, Code.InvalidArgument);
  }
  if (request.token !== undefined && !/^\d*$/.test(request.token)) {
    throw new ConnectError(`invalid token: "${request.token}"`, Code.InvalidArgument);
  }
  if (request.sortBy !== undefined && request.sortBy.key !== "created_at") {
    throw new ConnectError(`invalid sort field: ${request.sortBy.key}`, Code.InvalidArgument);
  }
  const offset = Number(request.token ?? "");
  const { length } = oldestFirst;
  const rows =
    request.sortBy?.direction === Sort_Direction.ASCENDING
      ? oldestFirst.slice(offset, offset + limit)
      : oldestFirst.slice(Math.max(0, length - offset - limit), Math.max(0, length - offset)).reverse();
  return { rows, token: rows.length === limit ? String(offset + limit) : "" };
}

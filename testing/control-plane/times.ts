import { create } from "@bufbuild/protobuf";
import { type Timestamp, TimestampSchema, timestampFromDate } from "@bufbuild/protobuf/wkt";

/** A time as a server writes it: with digits beyond the milliseconds of a `Date`, to which a client may round it. */
export function serverTime(date: Date, nanoseconds: number): Timestamp {
  const { seconds, nanos } = timestampFromDate(date);
  return create(TimestampSchema, { seconds, nanos: nanos + nanoseconds });
}

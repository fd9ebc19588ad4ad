import fc from "fast-check";

// That a property fails is all that a mutation run needs to know; to shrink the example takes longer than the rest.
fc.configureGlobal({ endOnFailure: true });

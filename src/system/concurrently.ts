/**
 * Runs `work` for each item, for a limited number of them at the same time.
 * @returns the results, in the order of the items
 * @throws what `work` threw first; what has started goes on
 */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const left = items.entries();
  const worker = async () => {
    // All workers take from one iterator, so each item is taken once.
    for (const [index, item] of left) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}

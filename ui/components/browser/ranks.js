/* The ranks that a plot can have within its interval, by the rule of `possible_ranks` in
   scoring/ranking.py: certainly above another is who has at least more than the other at most.
   Counted for one plot at a time, as only few are ever in sight. Totals are whole numbers here, so
   that equal ones are equal. */

/* Best and worst rank of a plot over all steps of what turns out alike for all plots; who takes no
   part gets the rank that it would have. What is unknown of a town turns out alike for its plots,
   so between those their totals without it decide.

   steps: lowest and highest totals of all plots in a step; with towns, also those without what is
   one for a town. townOf: of each plot, negative where not known; null where towns do not matter. */
export function possibleRanks(plot, steps, takesPart, townOf) {
  const town = townOf && takesPart[plot] ? townOf[plot] : -1;
  let best = Infinity, worst = 1;
  for (const [low, high, ownLow, ownHigh] of steps) {
    const a = low[plot], b = high[plot], n = low.length;
    let surely = 0, possibly = 0;
    for (let j = 0; j < n; j++) { surely += takesPart[j] & (low[j] > b); possibly += takesPart[j] & (high[j] > a); }
    if (town >= 0) for (let j = 0; j < n; j++) if (takesPart[j] && townOf[j] === town) {
      surely += (ownLow[j] > ownHigh[plot]) - (low[j] > b); possibly += (ownHigh[j] > ownLow[plot]) - (high[j] > a);
    }
    // not above itself
    const itself = takesPart[plot] && (town >= 0 ? ownHigh[plot] > ownLow[plot] : b > a) ? 1 : 0;
    best = Math.min(best, surely + 1); worst = Math.max(worst, possibly - itself + 1);
  }
  return [best, worst];
}

/**
 * Whether a save counts rather than a repeat of it (same board and pin): the earlier one does, and of two at the same
 * time the one of more weight. No time (NaN) is later than any time, and no weight (NaN) less than any. So the save that
 * counts does not depend on the order of rows.
 */
export function countsBefore(
  savedAt: number,
  weight: number,
  otherSavedAt: number,
  otherWeight: number,
): boolean {
  const [time, otherTime] = [timeRank(savedAt), timeRank(otherSavedAt)];
  return time < otherTime || (time === otherTime && (weight || 0) > (otherWeight || 0));
}

function timeRank(savedAt: number): number {
  return Number.isNaN(savedAt) ? Infinity : savedAt;
}

/** {@link countsBefore} in SQL, for rows of `saves`: replaces time and weight of a stored save by those of a repeat. */
export const replaceIfCounts = `UPDATE saves SET savedAt = @savedAt, weight = @weight
  WHERE board = @board AND pin = @pin
    AND (ifnull(savedAt, 9e999), -ifnull(weight, 0)) > (ifnull(@savedAt, 9e999), -ifnull(@weight, 0))`;

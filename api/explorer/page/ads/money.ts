/** Millionths of the currency: "0.40", "12.50", "0.0012". */
export function moneyText(micros: number): string {
  const units = micros / 1e6;
  const digits = units > 0 && units < 0.01 ? 4 : 2;
  return units.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

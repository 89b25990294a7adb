/** Why a row was refused. */
export interface Refusal {
  readonly refused: string;
}

/** An invalid row. The message goes to the rejects file. */
export class RowFault extends Error {}

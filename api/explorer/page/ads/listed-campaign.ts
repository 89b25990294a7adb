/** The fields of `GET /v1/campaigns` that the page shows; a `PUT` sends the others back as well. */
export interface ListedCampaign {
  readonly id: string;
  readonly state: 'planned' | 'running' | 'paused' | 'spent' | 'ended';
  readonly paused: boolean;
  readonly label: string;
  readonly bid: { readonly per: 'click' | 'save'; readonly micros: number };
  readonly dailyBudgetMicros: number;
  readonly totalBudgetMicros: number | null;
  readonly timeZone: string;
  readonly spentTodayMicros: number;
  readonly spentMicros: number;
  readonly createdAt: string;
}

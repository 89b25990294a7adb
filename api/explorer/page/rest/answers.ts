/** What the REST API answers, as far as the page reads it; /openapi.json has all of it. */

export interface Reason {
  readonly via: readonly { readonly pin: string; readonly board: string; readonly paths: number }[];
  readonly bridge?: {
    readonly queryPin: string;
    readonly queryBoard: string;
    readonly pin: string;
    readonly board: string;
  };
  readonly text: string;
}

export interface RecommendedItem {
  readonly rank: number;
  readonly pin?: string;
  readonly board?: string;
  readonly user?: string;
  readonly score: number;
  readonly visits?: number;
  readonly reason?: Reason;
  readonly fields?: Readonly<Record<string, unknown>>;
}

export interface Recommendations {
  readonly recommendationId: string;
  readonly graphVersion: string;
  readonly algorithm: {
    readonly name: string;
    readonly preset?: string;
    readonly params: Readonly<Record<string, number | string | boolean>>;
  };
  readonly items: readonly RecommendedItem[];
  readonly stats: {
    readonly steps?: number;
    readonly candidates: number;
    readonly widened: boolean;
    readonly intraListDiversity: number;
    readonly meanPopularity: number;
    readonly walkMs: number;
    readonly queueMs: number;
  };
  readonly missing: readonly string[];
  readonly fallback: string | null;
}

export interface SearchItem {
  readonly rank: number;
  readonly pin?: string;
  readonly board?: string;
  readonly user?: string;
  readonly title?: string | null;
  readonly boards?: number;
  readonly pins?: number;
}

export interface SearchAnswer {
  readonly q: string;
  readonly items: readonly SearchItem[];
}

type Attributes = Readonly<Record<string, unknown>>;

export interface Pin {
  readonly pin: string;
  readonly title: string | null;
  readonly text: string | null;
  readonly url: string | null;
  readonly imageUrl: string | null;
  readonly attributes: Attributes;
  readonly createdAt: string | null;
  readonly counts: { readonly boards: number; readonly saves: number };
}

export interface Board {
  readonly board: string;
  readonly owner: string;
  readonly title: string | null;
  readonly attributes: Attributes;
  readonly counts: { readonly pins: number };
}

export interface User {
  readonly user: string;
  readonly attributes: Attributes;
  readonly counts: { readonly boards: number; readonly saves: number };
}

export interface Save {
  readonly board?: string;
  readonly user?: string;
  readonly pin?: string;
  readonly savedAt: string | null;
  readonly weight: number | null;
}

export interface SavesPage {
  readonly saves: readonly Save[];
  readonly nextCursor: string | null;
}

export interface GraphAnswer {
  readonly version: string;
  readonly builtAt: string | null;
  readonly state: string;
  readonly counts: {
    readonly users: number;
    readonly boards: number;
    readonly pins: number;
    readonly saves: number;
  };
  readonly liveSaves: number;
}

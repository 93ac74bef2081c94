/** Whose requests are counted, and how many of them a window takes. Keys with one `{tag}` live together in a Redis Cluster. */
export interface Budget {
  readonly key: string;
  readonly limit: number;
}

export interface BudgetState {
  readonly remaining: number;
  /** Until the window ends. */
  readonly resetMs: number;
}

/** Of one request: `states` in the order of the budgets. */
export interface Spending {
  readonly allowed: boolean;
  readonly states: readonly BudgetState[];
}

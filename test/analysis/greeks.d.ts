declare module 'greeks' {
  type Derivative = (
    spot: number,
    strike: number,
    years: number,
    volatility: number,
    rate: number,
    right: 'call' | 'put',
  ) => number;
  const greeks: {
    readonly getDelta: Derivative;
    readonly getGamma: Derivative;
    /** By one percentage point. */
    readonly getVega: Derivative;
  };
  export default greeks;
}

/** A phone that reads this address looks for Openbook on itself. */
export function isLoopback(link: string): boolean {
  return /^https?:\/\/(?:localhost|127\.|\[::1\])/.test(link);
}

/** The browser's history, which knows how many pages lie behind this one, and nothing about them. */

/** Keeps the browser's way back as long as ours; going back is told, also by the phone's own button. */
export class History {
  /** @param {function(number)} onBack told how many pages lie behind the one that is gone back to */
  constructor(onBack) {
    this.depth = 0;
    this.passing = 0;
    history.replaceState({ depth: 0 }, "");
    window.addEventListener("popstate", (event) => this.popped(event.state, onBack));
  }

  /**
   * Let so many pages lie behind this one.
   * @param {number} depth
   */
  be(depth) {
    while (this.depth < depth) {
      this.depth += 1;
      history.pushState({ depth: this.depth }, "");
    }
    if (this.depth > depth) {
      this.passing += 1;
      history.go(depth - this.depth);
      this.depth = depth;
    }
  }

  popped(state, onBack) {
    if (this.passing > 0) {
      this.passing -= 1;
      return;
    }
    this.depth = state ? state.depth : 0;
    onBack(this.depth);
  }
}

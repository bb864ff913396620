/** What a surveyor is told when something can't be done: each has `says`, which names nobody and says what to do. */

/** Something that a surveyor is told. */
export class Told extends Error {
  /** @param {string} says in Chinese */
  constructor(says) {
    super(says);
    this.name = this.constructor.name;
    this.says = says;
  }
}

/** The store is locked: a PIN is needed first. */
export class Locked extends Told {
  constructor() {
    super("已锁屏，请先输入PIN");
  }
}

/** The PIN is not the one; `left` says how many wrong ones may follow. */
export class WrongPin extends Told {
  /** @param {?number} left null if nobody counts */
  constructor(left) {
    super(left === null ? "PIN不对" : `PIN不对，再错${left}次将清空本机资料`);
    this.left = left;
  }
}

/** A new PIN that anybody would try first, or one of the wrong length. */
export class WeakPin extends Told {}

/** There were too many wrong PINs, and nothing is left on the phone. */
export class Emptied extends Told {
  constructor() {
    super("PIN错误次数太多，本机资料已清空；请联网重新绑定");
  }
}

/** The phone has no room, or the browser gives none: what was to be written is not written. */
export class Full extends Told {
  constructor() {
    super("手机存储空间不足，刚才的内容没有保存；请清理手机空间或先联网上传，再试一次");
  }
}

/** A record that is not as it was written; `kind` and `id` name it. */
export class Damaged extends Told {
  /**
   * @param {string} kind
   * @param {string|number} id
   */
  constructor(kind, id) {
    super("本机有一条记录已损坏；请联网同步，并告诉镇（街）经办人员");
    this.kind = kind;
    this.id = id;
  }
}

/** The server can't be reached, or the line broke too often; everything is still here. */
export class Offline extends Told {
  constructor() {
    super("现在连不上服务器；内容都保存在手机里，请到有信号的地方再同步");
  }
}

/** Something was refused, by the server or by the phone in its place; `why` is one of the contract's codes. */
export class Refused extends Told {
  /**
   * @param {string} why
   * @param {string} says
   */
  constructor(why, says) {
    super(says);
    this.why = why;
  }
}

/** The form can't be handed in as it is; `found` says where and why. */
export class Unfinished extends Told {
  /** @param {Array<{rule: string, question: string, severity: string, says: string}>} found */
  constructor(found) {
    super(`还有 ${found.length} 处要改，见各题下面的提示`);
    this.found = found;
  }
}

/** The browser lacks something that the app can't do without. */
export class TooOld extends Told {
  constructor() {
    super("浏览器版本太旧，不能上传；请更新手机的浏览器（WebView）后再同步，内容都还在");
  }
}

/** A file that is no backup, is damaged, or is another surveyor's. */
export class Unreadable extends Told {}

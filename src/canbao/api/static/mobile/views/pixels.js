/** Pictures as pixels: a pad to sign on, and photos made small enough to be sent. */

import { Told } from "../errors.js";

const INK = "#10161f";
const PAPER = "#ffffff";
const SIDES = [1600, 1280, 1024, 800, 640];
const QUALITIES = [0.8, 0.65, 0.5];

/** A canvas on which somebody signs with a finger. */
export class Pad {
  /** @param {function} changed told when it is written on for the first time, or cleared */
  constructor(changed) {
    this.changed = changed;
    this.isEmpty = true;
    this.canvas = null;
    this.on = (canvas) => canvas && canvas !== this.canvas && this.begin(canvas);
  }

  begin(canvas) {
    this.canvas = canvas;
    const { width, height } = canvas.getBoundingClientRect();
    const dense = Math.min(2, window.devicePixelRatio || 1);
    Object.assign(canvas, { width: Math.round(width * dense), height: Math.round(height * dense) });
    this.pen = canvas.getContext("2d");
    Object.assign(this.pen, { lineWidth: 3 * dense, lineCap: "round", lineJoin: "round", strokeStyle: INK });
    this.wipe();
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.moved(event));
    ["pointerup", "pointercancel", "pointerleave"].forEach((name) =>
      canvas.addEventListener(name, () => (this.at = null)),
    );
  }

  down(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.at = this.place(event);
    this.stroke(this.at);
    if (!this.isEmpty) return;
    this.isEmpty = false;
    this.changed();
  }

  moved(event) {
    if (this.at) this.stroke(this.place(event));
  }

  stroke(to) {
    this.pen.beginPath();
    this.pen.moveTo(...this.at);
    this.pen.lineTo(...to);
    this.pen.stroke();
    this.at = to;
  }

  /** Where a finger is on the picture, which is drawn wider or narrower once the phone was turned. */
  place(event) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    const [across, down] = [(event.clientX - left) / width, (event.clientY - top) / height];
    return [across * this.canvas.width, down * this.canvas.height];
  }

  wipe() {
    this.pen.fillStyle = PAPER;
    this.pen.fillRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /** Take everything away again. */
  clear() {
    this.wipe();
    this.isEmpty = true;
    this.changed();
  }

  /** What was written, as a JPEG. */
  picture() {
    return jpeg(this.canvas, QUALITIES[0]);
  }
}

/**
 * A photo as a JPEG of at most so many bytes; what the camera wrote about place and time is not in it.
 * @param {Blob} file
 * @param {number} most
 * @returns {Promise<Blob>}
 */
export async function scaled(file, most) {
  const image = await opened(file);
  for (const side of SIDES) {
    const canvas = drawn(image, side);
    for (const quality of QUALITIES) {
      const blob = await jpeg(canvas, quality);
      if (blob.size <= most) return blob;
    }
  }
  throw new Told("这张照片缩小以后还是太大，请换一个角度再拍");
}

function opened(file) {
  const address = URL.createObjectURL(file);
  return new Promise((done, failed) => {
    const image = new Image();
    image.onload = () => done(image);
    image.onerror = () => failed(new Told("这不是能打开的照片，请重拍"));
    image.src = address;
  }).finally(() => URL.revokeObjectURL(address));
}

function drawn(image, side) {
  const share = Math.min(1, side / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.naturalWidth * share);
  canvas.height = Math.round(image.naturalHeight * share);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function jpeg(canvas, quality) {
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
}

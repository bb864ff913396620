// What is wrong with the page as it stands: read by test_phone_pages.py, which runs this in the browser.
() => {
  const faults = [];
  const root = document.documentElement;
  const named = (element) => `${element.tagName.toLowerCase()}.${element.className} “${(element.textContent || "").trim().slice(0, 20)}”`;
  const shown = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && getComputedStyle(element).visibility === "visible" && !element.closest(".unseen");
  };

  if (root.scrollWidth > root.clientWidth) faults.push(`scrolls sideways: ${root.scrollWidth} > ${root.clientWidth}`);
  document.querySelectorAll("body *").forEach((element) => {
    const box = element.getBoundingClientRect();
    if (shown(element) && (box.right > root.clientWidth + 1 || box.left < -1)) faults.push(`sticks out: ${named(element)}`);
  });
  document.querySelectorAll("button, a, .tile span, h1, h2").forEach((element) => {
    if (shown(element) && element.scrollWidth > element.clientWidth + 1) faults.push(`text is cut: ${named(element)}`);
  });
  document.querySelectorAll("button, a, select, input, textarea, .tile span").forEach((element) => {
    const box = element.getBoundingClientRect();
    if (shown(element) && (box.height < 48 || box.width < 48)) faults.push(`small to touch, ${box.width}×${box.height}: ${named(element)}`);
  });

  document.querySelectorAll("button span").forEach((element) => {
    const tall = element.getBoundingClientRect().height / parseFloat(getComputedStyle(element).fontSize);
    if (shown(element) && !element.closest(".row") && tall > 2.8) faults.push(`over three lines: ${named(element)}`);
  });

  const channels = (colour) => {
    const parts = colour.match(/[\d.]+/g).map(Number);
    return parts.length === 3 ? [...parts, 1] : parts;
  };
  const light = ([red, green, blue]) => {
    const [r, g, b] = [red, green, blue].map((one) => (one / 255 <= 0.03928 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [high, low] = [light(one), light(other)].sort((first, second) => second - first);
    return (high + 0.05) / (low + 0.05);
  };
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = channels(getComputedStyle(each).backgroundColor);
      if (colour[3] === 1) return colour;
      if (colour[3] > 0) return faults.push(`half transparent: ${named(each)}`) && colour;
    }
    return [255, 255, 255, 1];
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !shown(element)) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    const found = ratio(channels(style.color), behind(element));
    if (found < least) faults.push(`contrast ${found.toFixed(2)}: ${named(element)}`);
    if (size < 12) faults.push(`small print, ${size}px: ${named(element)}`);
  }
  document.querySelectorAll("button:not(.link), select, input:not([type=radio]):not([type=file]), textarea, .tile span").forEach((element) => {
    const style = getComputedStyle(element);
    if (!shown(element) || element.closest(".tabs, .row") || element.matches(".row, .main")) return;
    const found = ratio(channels(style.borderTopColor), behind(element.parentElement));
    if (found < 3 && ratio(channels(style.backgroundColor), behind(element.parentElement)) < 3) faults.push(`edge ${found.toFixed(2)}: ${named(element)}`);
  });

  const ids = Array.from(document.querySelectorAll("[id]"), (element) => element.id);
  ids.filter((id, at) => ids.indexOf(id) !== at).forEach((id) => faults.push(`id twice: ${id}`));
  document.querySelectorAll("[aria-describedby]").forEach((element) => {
    if (!document.getElementById(element.getAttribute("aria-describedby"))) faults.push(`described by nothing: ${named(element)}`);
  });
  if (document.querySelectorAll("h1").length !== 1) faults.push("not one main heading");
  return Array.from(new Set(faults));
}

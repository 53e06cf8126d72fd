css => {
    const one = document.querySelector(css);
    if (!one || one.disabled) return null;
    one.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
    const box = one.getClientRects()[0];
    if (!box || box.width === 0 || box.height === 0) return null;
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const hit = document.elementFromPoint(x, y);
    const label = hit?.closest('label');
    return hit && (one.contains(hit) || label?.control === one) ? [x, y] : null;
}

() => {
    const one = document.activeElement;
    if (!one || one === document.body) return false;
    const shows = part => {
        const style = part && getComputedStyle(part);
        const outlined = style?.outlineStyle !== 'none' && parseFloat(style?.outlineWidth) > 0;
        return Boolean(style) && (outlined || style.boxShadow !== 'none');
    };
    // A control that is hidden is drawn by its label or by what stands around it.
    return [one, one.labels?.[0], one.parentElement].some(shows);
}

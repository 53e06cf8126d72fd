wanted => {
    const root = document.scrollingElement;
    const width = Math.min(wanted, document.documentElement.clientWidth);
    const scrolls = one => {
        for (let around = one.parentElement; around && around !== document.body; around = around.parentElement) {
            if (getComputedStyle(around).overflowX !== 'visible') return true;
        }
        return false;
    };
    const named = one => one.tagName.toLowerCase() + (one.id ? '#' + one.id : '') + [...one.classList].map(c => '.' + c).join('');
    const sticksOut = one => one.getBoundingClientRect().right > width + 1 && !scrolls(one);
    const layout = { title: document.title, language: document.documentElement.lang };
    if (root.scrollWidth > width + 1) {
        layout.sticking_out = [...document.body.querySelectorAll('*')].filter(sticksOut).slice(0, 5).map(named);
    }
    return layout;
}

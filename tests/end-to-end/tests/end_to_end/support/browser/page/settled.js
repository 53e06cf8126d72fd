() => new Promise(done => {
    const busy = '.htmx-request, .htmx-swapping, .htmx-settling, .htmx-added';
    const look = () => {
        if (document.readyState === 'complete' && !document.querySelector(busy)) {
            requestAnimationFrame(() => requestAnimationFrame(() => done(true)));
        } else {
            setTimeout(look, 5);
        }
    };
    look();
})

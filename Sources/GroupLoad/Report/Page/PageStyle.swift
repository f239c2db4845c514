/// How the page looks: on check by day and night, narrow and wide, and on paper.
enum PageStyle {
    static let css: StaticString = """
        :root{color-scheme:light dark;--paper:#fff;--ink:#16191d;--soft:#5a626c;--line:#d9dde2;--wash:#f4f5f7;
        --link:#1f5aa8;--good:#22734a;--bad:#b3341f;
        --created:#2d8257;--confirmed:#7cb894;--present:#5f9e9e;--existing:#4f7fae;--updated:#7d73b5;\
        --duplicate:#a7b2be;
        --invalid:#d98a1f;--failed:#c2402a;--unresolved:#94407f;--unprocessed:#747b84}
        @media (prefers-color-scheme:dark){:root{--paper:#14171a;--ink:#e7e9ec;--soft:#a2aab4;--line:#333940;\
        --wash:#1d2125;
        --link:#8ab6ee;--good:#6cc596;--bad:#f08b74;
        --created:#4aa578;--confirmed:#94cdac;--present:#7fb8b8;--existing:#6f9fd0;--updated:#9d94d3;\
        --duplicate:#66717d;
        --invalid:#e0a04a;--failed:#e0664e;--unresolved:#c272ae;--unprocessed:#8d949d}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,
        "Noto Sans","DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums}
        main,footer{max-width:62rem;margin:0 auto;padding:0 1.5rem}
        h1,h2{font-family:Charter,"Bitstream Charter","Iowan Old Style",Georgia,"DejaVu Serif",serif;font-weight:600;
        line-height:1.2;text-wrap:balance}
        h1{font-size:2.25rem;margin:.25rem 0 1rem;max-width:24em;letter-spacing:-.01em}
        h2{font-size:1.35rem;margin:0 0 1rem}
        h3{font-size:1rem;margin:0 0 .25rem;font-weight:600}
        p{margin:0 0 .75rem;max-width:44rem}
        a{color:var(--link)}
        :focus-visible{outline:2px solid var(--link);outline-offset:2px}
        header{padding:2.5rem 0 1.5rem}
        section{border-top:1px solid var(--line);padding:1.75rem 0}
        .kind,.soft,dt,caption,th,.axis,summary{color:var(--soft)}
        .kind{font-size:.9rem;margin:0}
        .stop{border-left:3px solid var(--bad);padding:.1rem 0 .1rem .9rem;max-width:46rem}
        dl{margin:0}
        .facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.9rem 2rem}
        dt{font-size:.85rem}
        dd{margin:0;overflow-wrap:anywhere}
        .sum{display:flex;flex-wrap:wrap;align-items:baseline;gap:.15rem \
        .7rem;font-size:1.15rem;max-width:none;margin-bottom:1rem}
        .sum b{font-weight:600;white-space:nowrap}
        .sum .op{color:var(--soft)}
        .holds{color:var(--good);font-weight:600;white-space:nowrap}
        .broken{color:var(--bad);font-weight:600}
        svg{display:block;width:100%}
        .strip{height:1.1rem;margin-bottom:1rem}
        .swatch{display:inline-block;width:.7rem;height:.7rem;margin-right:.55rem;border-radius:1px}
        .scroll{overflow-x:auto;max-width:100%}
        table{border-collapse:collapse;width:100%;font-size:.94rem}
        caption{text-align:left;padding:0 0 .4rem;font-size:.9rem}
        th{text-align:left;font-weight:500;font-size:.85rem;white-space:nowrap}
        td,th{padding:.4rem 1.1rem .4rem 0;vertical-align:top;border-bottom:1px solid var(--line)}
        td:last-child,th:last-child{padding-right:0}
        tbody tr:last-child>*{border-bottom:0}
        tbody th{font-size:.94rem;color:var(--ink)}
        .n{text-align:right;white-space:nowrap}
        td bdi,li bdi{overflow-wrap:anywhere}
        tr.none>*{color:var(--soft)}
        tr.none .swatch{opacity:.45}
        .hash{font:.82rem/1.6 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans \
        Mono",monospace;overflow-wrap:anywhere}
        code{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;background:var(--wash);
        padding:.1em .35em;border-radius:3px;overflow-wrap:anywhere}
        .cause{padding:.9rem 0 1.1rem}
        .cause+.cause{border-top:1px solid var(--line)}
        .cause .count{color:var(--soft);font-size:.9rem;margin:0 0 .15rem}
        .cause .todo{margin-bottom:.5rem}
        .cause table{font-size:.9rem;background:var(--wash)}
        .cause td,.cause th{padding:.3rem .8rem;border-bottom:0}
        .cause td:nth-child(2){white-space:nowrap}
        .cause td:last-child,.cause th:last-child{padding-right:.8rem}
        .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,27rem),1fr));gap:1.75rem 3rem}
        figure{margin:0;min-width:0}
        figcaption{margin-bottom:.75rem}
        .plot{display:grid;grid-template-columns:auto 1fr;gap:.2rem .6rem}
        .plot svg{height:11rem;overflow:visible}
        .axis{font-size:.8rem;line-height:1}
        .up{display:flex;flex-direction:column;justify-content:space-between;text-align:right;height:11rem}
        .along{grid-column:2;display:flex;justify-content:space-between;gap:.5rem;padding-top:.15rem}
        details{margin-top:.75rem}
        summary{cursor:pointer;font-size:.9rem;width:fit-content}
        details .scroll{max-height:22rem;overflow:auto;margin-top:.5rem}
        .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,19rem),1fr));gap:.6rem 3rem}
        .pair>div{display:flex;justify-content:space-between;gap:1rem;border-bottom:1px solid \
        var(--line);padding-bottom:.35rem}
        .pair dt{font-size:.94rem}
        .pair dd{text-align:right}
        .grow>*+*{margin-top:1.75rem}
        footer{color:var(--soft);font-size:.9rem;padding-bottom:3rem}
        footer p{border-top:1px solid var(--line);padding-top:1rem;max-width:none}
        @media (max-width:40rem){main,footer{padding:0 1rem}h1{font-size:1.65rem}header{padding-top:1.5rem}
        .sum{font-size:1rem}
        table.stack thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
        table.stack,table.stack tbody,table.stack caption{display:block}
        table.stack tr{display:grid;grid-template-columns:1fr auto auto;gap:0 .9rem;padding:.5rem \
        0;border-bottom:1px solid var(--line)}
        table.stack td,table.stack th{border:0;padding:0}
        table.stack .wide{grid-column:1/-1;font-size:.88rem}
        table.stack tr:last-child{border-bottom:0}}
        @media print{:root{color-scheme:light}body{font-size:10pt}main,footer{max-width:none;padding:0}
        header{padding-top:0}h1{font-size:20pt}section,.cause,figure,\
        tr{break-inside:avoid}section.long{break-inside:auto}
        svg,.swatch,.cause table{-webkit-print-color-adjust:exact;print-color-adjust:exact}
        details .scroll{max-height:none;overflow:visible}details::details-content{content-visibility:visible;\
        block-size:auto}
        summary{display:none}}
        """
}

//! The articles of a small household shop, made up from what they are made of and what they are.

const MATERIALS: [(&str, &str); 16] = [
    ("OAK", "Oak"),
    ("ASH", "Ash"),
    ("LIN", "Linen"),
    ("WOL", "Wool"),
    ("COP", "Copper"),
    ("BRA", "Brass"),
    ("STN", "Stoneware"),
    ("GLS", "Glass"),
    ("ENA", "Enamel"),
    ("COT", "Cotton"),
    ("FLT", "Felt"),
    ("COR", "Cork"),
    ("RAT", "Rattan"),
    ("POR", "Porcelain"),
    ("BAM", "Bamboo"),
    ("STE", "Steel"),
];

const THINGS: [(&str, &str); 30] = [
    ("MUG", "mug"),
    ("BOWL", "bowl"),
    ("TRAY", "tray"),
    ("LAMP", "lamp"),
    ("VASE", "vase"),
    ("HOOK", "hook"),
    ("CLCK", "clock"),
    ("JUG", "jug"),
    ("BSKT", "basket"),
    ("BOX", "box"),
    ("FRME", "frame"),
    ("COAS", "coaster"),
    ("SPON", "spoon"),
    ("BORD", "board"),
    ("STND", "stand"),
    ("BELL", "bell"),
    ("CNDL", "candle holder"),
    ("TIN", "tin"),
    ("JAR", "jar"),
    ("MAT", "mat"),
    ("RACK", "rack"),
    ("STOL", "stool"),
    ("MIRR", "mirror"),
    ("POT", "pot"),
    ("LADL", "ladle"),
    ("BRSH", "brush"),
    ("SHLF", "shelf"),
    ("HNGR", "hanger"),
    ("DOOR", "door stop"),
    ("STAR", "star"),
];

/// An article: its SKU and its name.
pub(super) fn article(number: usize) -> (String, String) {
    let (material_code, material) = MATERIALS[number % MATERIALS.len()];
    let (thing_code, thing) = THINGS[number / MATERIALS.len() % THINGS.len()];
    (
        format!("{material_code}-{thing_code}-{:03}", 100 + number % 7 * 50),
        format!("{material} {thing}"),
    )
}

/// How many articles there are.
pub(super) const ARTICLES: usize = MATERIALS.len() * THINGS.len();

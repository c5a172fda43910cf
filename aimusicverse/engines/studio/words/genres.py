"""Words that point to a genre, beside those by which each genre calls itself (`Genre.words`).

Three strengths. A `NAMES` word is the name of a genre or of a kind of it. An `ADJECTIVES` word colours
another genre where one is named ("funky house" is house), and is one by itself ("funky"). A `HINTS` word only
counts where nothing else says what is wanted ("a ballad"). A word here outweighs the same word in
`Genre.words`; a genre that the studio does not play is passed over.
"""

from __future__ import annotations

from collections.abc import Mapping

NAMES: Mapping[str, str] = {
    "lofi hip hop": "lofi, lo fi, lofi beats, lofi hip hop, lofi hiphop, lo fi hip hop, lo fi hiphop,"
    " lo fi beats, chillhop, chill hop, jazz hop, jazzhop, chill hip hop, study beats, study music,"
    " chill beats,"
    " beats to study to, beats to relax to",
    "house": "house music, deep house, tech house, acid house, chicago house, tropical house,"
    " progressive house,"
    " disco house, french house, funky house, soulful house, afro house, piano house, uk garage,"
    " future house",
    "techno": "tekno, minimal techno, detroit techno, hard techno, acid techno, melodic techno, dub techno,"
    " industrial techno, ambient techno, trance, psytrance, goa, hardstyle",
    "drum and bass": "drum n bass, drumnbass, drum bass, drumandbass, dnb, d n b, d and b, liquid dnb,"
    " liquid funk, jungle,"
    " neurofunk, breakbeat, breakcore, jump up",
    "trap": "trap beat, trap soul, hip hop, hiphop, boom bap, rap, rap beat, rap instrumental, drill, phonk,"
    " gangsta rap, grime, crunk, 808 beat, dubstep, reggaeton",
    "synthwave": "synth wave, retrowave, retro wave, outrun, darksynth, dark synth, vaporwave, chillwave,"
    " dreamwave, 80s synth, 80s synths, 1980s synth, 1980s synths, eighties synth, eighties synths, new wave,"
    " cyberpunk, synthwave music",
    "ambient": "ambient music, dark ambient, space ambient, drone music, new age, space music, sleep music,"
    " meditation music, yoga music, spa music, ambient drone, ambience, soundscape, soundscapes",
    "cinematic": "film score, film music, movie score, movie music, movie theme, movie soundtrack,"
    " film soundtrack,"
    " trailer music, epic orchestral, orchestral music, epic trailer, symphonic, orchestral trailer",
    "classical": "classical music, classical piano, piano sonata, sonata, chamber music, string quartet,"
    " nocturne,"
    " etude, prelude, fugue, baroque, neoclassical, neo classical, romantic piano, minuet, concerto,"
    " symphony",
    "jazz": "bebop, be bop, hard bop, smooth jazz, cool jazz, jazz trio, swing jazz, gypsy jazz, latin jazz,"
    " big band, dixieland, ragtime, jazz waltz, jazz ballad",
    "funk": "p funk, pfunk, disco funk, funk soul, soul, motown, rnb, r and b, nu disco, gospel, james brown",
    "rock": "rock music, rock and roll, rock n roll, hard rock, punk, punk rock, metal, heavy metal,"
    " grunge, indie rock,"
    " alternative rock, garage rock, classic rock, rock ballad, post rock, stoner rock, prog rock, thrash",
    "folk": "folk music, indie folk, folk song, americana, bluegrass, country, country music, celtic,"
    " irish folk,"
    " singer songwriter, campfire, sea shanty",
    "chiptune": "chiptunes, chip tune, chip music, 8 bit, 8bit, 16 bit, 16bit, eight bit, nes, gameboy,"
    " game boy,"
    " arcade game, arcade, video game, videogame, c64, commodore, pixel music, tracker music",
    "pop": "pop music, pop song, synth pop, synthpop, electropop, electro pop, k pop, kpop, indie pop,"
    " dance pop,"
    " pop ballad, radio pop, summer pop, j pop, hyperpop, dream pop, boy band",
    "blues": "slow blues, 12 bar blues, twelve bar blues, chicago blues, delta blues, texas blues,"
    " blues shuffle,"
    " minor blues, blues rock, boogie woogie, rhythm and blues",
    "reggae": "roots reggae, dub reggae, dub, ska, rocksteady, rock steady, dancehall, ragga, one drop,"
    " riddim, lovers rock",
    "bossa nova": "bossa, bossanova, samba, latin lounge, ipanema, brazilian jazz, mpb, jobim",
}

ADJECTIVES: Mapping[str, str] = {
    "house": "disco, edm, electronic dance, electronic, electronica, electro, dance music, club music,"
    " garage",
    "techno": "acid, rave, warehouse, industrial, minimal",
    "ambient": "drone, atmospheric, atmosphere, meditation, meditative",
    "cinematic": "soundtrack, orchestral, filmic, trailer, fantasy, game music, score, film, movie",
    "classical": "impressionist, minimalist, chopin, mozart, bach, beethoven, debussy, satie, etudes",
    "jazz": "jazzy, swing, lounge, swinging",
    "funk": "funky, groovy, soulful, boogie",
    "rock": "rocking, alternative, grungy, punky",
    "folk": "acoustic, folky, fingerpicked, fingerstyle, fingerpicking guitar, fingerpicked guitar, irish",
    "chiptune": "square waves, square wave, pixel, retro game, platformer",
    "pop": "poppy, radio friendly",
    "blues": "bluesy",
    "reggae": "jamaican",
    "bossa nova": "brazilian",
    "synthwave": "neon",
}

HINTS: Mapping[str, str] = {
    "lofi hip hop": "tape hiss, coffee shop, cafe, chill, study, dusty drums",
    "house": "club, dance, 4 on the floor, four on the floor",
    "trap": "808, 808s",
    "synthwave": "80s, 1980s, eighties, retro, night drive, analog synths, gated snare",
    "ambient": "generative, yoga, spa, sleep, drones",
    "cinematic": "orchestra, epic, suspense, suspenseful, battle, heroic, hollywood, thriller",
    "classical": "waltz, ballad, solo piano, piano ballad, harpsichord",
    "jazz": "walking bass, brushes, saxophone",
    "funk": "groove, 70s, 1970s, seventies, slap bass, wah guitar",
    "rock": "indie, guitar rock, distorted guitars, distorted guitar, 90s, 1990s, nineties",
    "folk": "acoustic guitar, banjo, fiddle, 60s, 1960s, sixties, jig, reel",
    "pop": "catchy, anthem, hook, corporate, commercial, jingle",
    "blues": "harmonica, shuffle, slide guitar",
    "reggae": "skank, skanking, melodica",
    "bossa nova": "latin, nylon guitar",
}

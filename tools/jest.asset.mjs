/** Stands for style sheets, pictures and fonts, which the page tests do not look at. */
export default {};

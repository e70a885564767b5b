/** What is dragged from the palette: `processor:TYPE`, or another kind of box. */
export const TYPE_MIME = "application/x-tutti-type";

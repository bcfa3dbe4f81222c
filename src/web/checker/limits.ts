/** No file that is read whole is larger; what is longer is cut here, and its parser refuses it. */
export const MAX_WHOLE_FILE_BYTES = 4 * 1024 * 1024 + 1;

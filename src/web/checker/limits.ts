import { MAX_PUBLISHED_BYTES } from '../../protocol/index.js';

/** No file that is read whole is larger; what is longer is cut here, and its parser refuses it. */
export const MAX_WHOLE_FILE_BYTES = MAX_PUBLISHED_BYTES + 2;

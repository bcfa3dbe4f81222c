import { z } from 'zod';

// The page's policy allows no code made from text. Schemas read this setting when they are made, so this module comes
// before every module that makes one.
z.config({ jitless: true });

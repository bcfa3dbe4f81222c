import { z } from 'zod';

// A page whose policy allows no code made from text must be able to import this package. Schemas read this setting
// when they are made, so this module comes before every module that makes one.
z.config({ jitless: true });

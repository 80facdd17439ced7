import { z } from 'zod';

// The content security policy forbids making code from text, which zod would try. Before any schema is used.
z.config({ jitless: true });

import { Controller } from '@nestjs/common';
import { assetFilePath, listAssets } from '@parley/contracts/media';
import type { Response } from 'express';
import { z } from 'zod';
import { type Member, members, type Overseer } from '../platform/doors';
import { notFound } from '../platform/errors';
import { Files } from '../platform/files';
import { FileRoute, type Passing, Route } from '../platform/transport';
import { MediaService } from './media.service';

const Address = z.object({
  assetId: z.uuid(),
  name: z
    .string()
    .max(80)
    .regex(/^[^\0]+$/),
});

@Controller()
export class MediaController {
  constructor(
    private readonly media: MediaService,
    private readonly files: Files,
  ) {}

  @Route(listAssets, members())
  async list(caller: Member) {
    return { assets: await this.media.list(caller) };
  }

  @FileRoute(assetFilePath, members(undefined, { glass: true }))
  async file(
    caller: Member | Overseer,
    params: Record<string, string>,
    _request: Passing,
    response: Response,
  ) {
    const address = Address.safeParse(params);
    if (!address.success) throw notFound();
    const { sha256, mediaType } = await this.media.file(caller, address.data.assetId, address.data.name);
    await this.files.send(response, sha256, mediaType);
  }
}

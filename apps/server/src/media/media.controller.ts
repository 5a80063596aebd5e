import { Controller } from '@nestjs/common';
import { Id, type InputOf } from '@parley/contracts/contract';
import {
  listAttached,
  listMedia,
  mediaFilePath,
  readLinks,
  uploadPath,
  uploadsPath,
} from '@parley/contracts/media';
import type { Response } from 'express';
import { z } from 'zod';
import { type Member, members, type Overseer } from '../platform/doors';
import { notFound } from '../platform/errors';
import { FileRoute, type Passing, RawRoute, Route } from '../platform/transport';
import { AttachmentsService } from './attachments.service';
import { DeliveryService } from './delivery.service';
import { UploadsService } from './uploads.service';

const name = z.string().regex(/^[a-z0-9]{1,12}$/);
const Address = z.object({
  mediaId: Id,
  rendition: name,
  part: name,
  key: z.string().max(64),
});

/** Files on their way in, and on their way out. */
@Controller()
export class MediaController {
  constructor(
    private readonly uploads: UploadsService,
    private readonly delivery: DeliveryService,
    private readonly attachments: AttachmentsService,
  ) {}

  @RawRoute('POST', uploadsPath, members(undefined, { hidden: false }))
  create(caller: Member, _params: object, request: Passing, response: Response) {
    return this.uploads.answer(caller, undefined, request, response);
  }

  @RawRoute('OPTIONS', uploadsPath, members())
  describe(caller: Member, _params: object, request: Passing, response: Response) {
    return this.uploads.answer(caller, undefined, request, response);
  }

  @RawRoute('HEAD', uploadPath, members())
  head(caller: Member, params: Record<string, string>, request: Passing, response: Response) {
    return this.uploads.answer(caller, params['uploadId'], request, response);
  }

  @RawRoute('PATCH', uploadPath, members())
  patch(caller: Member, params: Record<string, string>, request: Passing, response: Response) {
    return this.uploads.answer(caller, params['uploadId'], request, response);
  }

  @RawRoute('DELETE', uploadPath, members())
  terminate(caller: Member, params: Record<string, string>, request: Passing, response: Response) {
    return this.uploads.answer(caller, params['uploadId'], request, response);
  }

  @Route(listMedia, members())
  async list(caller: Member, { ids }: InputOf<typeof listMedia>) {
    return { media: await this.uploads.list(caller, ids) };
  }

  @Route(readLinks, members(undefined, { glass: true }))
  async links(caller: Member | Overseer, { ids }: InputOf<typeof readLinks>) {
    return { links: await this.delivery.links(caller, ids) };
  }

  @Route(listAttached, members(undefined, { glass: true }))
  async attached(caller: Member | Overseer, { ids }: InputOf<typeof listAttached>) {
    return { attached: await this.attachments.list(caller, ids) };
  }

  @FileRoute(mediaFilePath, members(undefined, { glass: true }))
  async file(
    caller: Member | Overseer,
    params: Record<string, string>,
    request: Passing,
    response: Response,
  ) {
    const address = Address.safeParse(params);
    if (!address.success) throw notFound();
    await this.delivery.serve(caller, address.data, request, response);
  }
}

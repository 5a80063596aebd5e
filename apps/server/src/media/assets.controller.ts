import { Controller } from '@nestjs/common';
import type { InputOf } from '@parley/contracts/contract';
import {
  addAsset,
  addVersion,
  deleteAsset,
  endRelease,
  listAssetDesk,
  listAssets,
  listViews,
  promiseSecrecy,
  readAsset,
  releaseAsset,
  restoreAsset,
  setCaptions,
  setTimeMap,
  traceLeak,
  updateAsset,
  withdrawAsset,
} from '@parley/contracts/media';
import { type Member, members, type Overseer, teamRoles } from '../platform/doors';
import { Route } from '../platform/transport';
import { AssetsService } from './assets.service';
import { LeaksService } from './leaks.service';

/** Who may work on assets; hosts on those that they added. */
const adding = ['host', 'manager'] as const;

@Controller()
export class AssetsController {
  constructor(
    private readonly assets: AssetsService,
    private readonly leaks: LeaksService,
  ) {}

  @Route(listAssets, members(undefined, { glass: true }))
  async list(caller: Member | Overseer) {
    return { assets: await this.assets.list(caller) };
  }

  @Route(readAsset, members(undefined, { glass: true }))
  read(caller: Member | Overseer, { assetId }: InputOf<typeof readAsset>) {
    return this.assets.read(caller, assetId);
  }

  @Route(promiseSecrecy, members())
  promise(caller: Member, { assetId }: InputOf<typeof promiseSecrecy>) {
    return this.assets.promise(caller, assetId);
  }

  @Route(listAssetDesk, members(teamRoles))
  async desk(caller: Member) {
    return { assets: await this.assets.desk(caller) };
  }

  @Route(addAsset, members(adding))
  add(caller: Member, input: InputOf<typeof addAsset>) {
    return this.assets.add(caller, input);
  }

  @Route(updateAsset, members(adding))
  update(caller: Member, input: InputOf<typeof updateAsset>) {
    return this.assets.update(caller, input);
  }

  @Route(addVersion, members(adding))
  version(caller: Member, input: InputOf<typeof addVersion>) {
    return this.assets.addVersion(caller, input);
  }

  @Route(setTimeMap, members(adding))
  map(caller: Member, { assetId, n, map }: InputOf<typeof setTimeMap>) {
    return this.assets.setMap(caller, assetId, n, map);
  }

  @Route(setCaptions, members(adding))
  captions(caller: Member, input: InputOf<typeof setCaptions>) {
    return this.assets.setCaptions(caller, input);
  }

  @Route(releaseAsset, members(adding))
  release(caller: Member, input: InputOf<typeof releaseAsset>) {
    return this.assets.release(caller, input);
  }

  @Route(endRelease, members(adding))
  endRelease(caller: Member, { assetId, releaseId }: InputOf<typeof endRelease>) {
    return this.assets.endRelease(caller, assetId, releaseId);
  }

  @Route(withdrawAsset, members(teamRoles, { admin: true }))
  async withdraw(caller: Member | Overseer, { assetId, because }: InputOf<typeof withdrawAsset>) {
    await this.assets.withdraw(caller, assetId, because);
    return {};
  }

  @Route(restoreAsset, members(['manager']))
  restore(caller: Member, { assetId }: InputOf<typeof restoreAsset>) {
    return this.assets.restore(caller, assetId);
  }

  @Route(deleteAsset, members(['manager']))
  async delete(caller: Member, { assetId }: InputOf<typeof deleteAsset>) {
    await this.assets.delete(caller, assetId);
    return {};
  }

  @Route(traceLeak, members(['manager'], { admin: true }))
  trace(caller: Member | Overseer, { assetId, mediaId }: InputOf<typeof traceLeak>) {
    return this.leaks.trace(caller, assetId, mediaId);
  }

  @Route(listViews, members(['manager'], { admin: true }))
  views(caller: Member | Overseer, { assetId, cursor }: InputOf<typeof listViews>) {
    return this.assets.views(caller, assetId, cursor);
  }
}

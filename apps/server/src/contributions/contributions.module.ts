import { Module } from '@nestjs/common';
import { ContributionsService } from './contributions.service';

@Module({ providers: [ContributionsService], exports: [ContributionsService] })
export class ContributionsModule {}
